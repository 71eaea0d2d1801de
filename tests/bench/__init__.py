"""Speed, measured beside something in the same run. `make bench` prints and stores one table; nothing is asserted."""
