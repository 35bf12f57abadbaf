"""What the three services share: words, wire contracts and the runtime edge."""
