"""Many processes on one PostgreSQL, killed at random under load; then every promise is checked."""
