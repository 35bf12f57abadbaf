"""One machine: embedded parts, supervision and the command line behind `./yinling`."""
