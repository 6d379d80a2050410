"""What those who run the site need: health, metrics, logs, the web server, static files."""
