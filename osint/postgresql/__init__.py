"""Django's PostgreSQL, whose connections are not asked after their health before every request."""
