"""One story a file, under a clock moved by hand."""
