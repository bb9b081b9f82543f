"""What was promised by when: calendars, targets, clocks, reminders. Pure: instants in, values out."""
