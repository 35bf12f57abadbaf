"""How Yinling is put on machines."""
