"""What happens to what arrives: the press (`alarms`), the hands of installers and desks (`commands`)."""
