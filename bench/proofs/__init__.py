"""`./yinling prove`: what is broken on purpose, who lives through it, and who judges what is left."""
