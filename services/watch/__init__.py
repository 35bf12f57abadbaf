"""The platform's own eye: a process of its own that shares nothing but the database with those it watches."""
