"""What goes into whose inbox, who may read what, and what a socket may do. Pure values."""
