"""Tables that people send us, cell by cell: what each column means, what a cell says, and what is wrong with a row."""
