"""Evidence of a visit as people hand it in: photos, a signature, a spoken note."""
