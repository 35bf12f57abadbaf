"""People, places and jobs: alarms become incidents, people are asked, every wait has a deadline."""
