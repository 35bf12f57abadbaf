"""SQL of the schema `devices`; every function is one round trip and, alone, one transaction."""
