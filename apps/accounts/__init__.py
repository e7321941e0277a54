"""Who may sign in: password and second factor, limits of sessions, the log of sign-ins."""
