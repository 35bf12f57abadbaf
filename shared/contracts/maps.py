"""What a map draws: shapes, people, places."""
