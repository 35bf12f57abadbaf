"""What an alarm is and what its device is told; pure."""
