"""Options of gunicorn that this site's web server follows; any other is refused at the start and not passed over.

waitress reads the requests, so that whatever gunicorn says of TLS, protocols, limits of a request, its access log or
its way of writing answers would do nothing here.
"""

from collections.abc import Iterable

from gunicorn.config import Config, make_settings

FOLLOWED = frozenset(
    {
        "backlog",
        "bind",
        "chdir",
        "check_config",
        "child_exit",
        "config",
        "control_socket",
        "control_socket_disable",
        "control_socket_mode",
        "daemon",
        "default_proc_name",
        "enable_stdio_inheritance",
        "graceful_timeout",
        "group",
        "initgroups",
        "logger_class",
        "loglevel",
        "max_requests",
        "max_requests_jitter",
        "nworkers_changed",
        "on_exit",
        "on_reload",
        "on_starting",
        "pidfile",
        "post_fork",
        "post_worker_init",
        "pre_exec",
        "pre_fork",
        "preload_app",
        "print_config",
        "proc_name",
        "pythonpath",
        "raw_env",
        "raw_paste_global_conf",
        "reload",
        "reload_engine",
        "reload_extra_files",
        "reuse_port",
        "spew",
        "threads",
        "timeout",
        "umask",
        "user",
        "when_ready",
        "worker_abort",
        "worker_class",
        "worker_connections",
        "worker_exit",
        "worker_int",
        "worker_tmp_dir",
        "workers",
        "wsgi_app",
    }
)
INSTEAD = {
    "accesslog": "set LOG_LEVEL=DEBUG, which logs every request, or read the log of the proxy",
    "access_log_format": "set LOG_FORMAT",
    "ca_certs": "end TLS at a proxy",
    "certfile": "end TLS at a proxy, and set TLS_AT_PROXY=1",
    "cert_reqs": "end TLS at a proxy",
    "ciphers": "end TLS at a proxy",
    "errorlog": "redirect standard error",
    "forwarded_allow_ips": "set TRUSTED_PROXIES and TLS_AT_PROXY",
    "http_protocols": "speak HTTP/1.1; a proxy in front may speak HTTP/2",
    "keepalive": "leave it: an idle connection is closed after a minute",
    "keyfile": "end TLS at a proxy, and set TLS_AT_PROXY=1",
    "limit_request_field_size": "leave it: headers have at most 32 KB together",
    "limit_request_fields": "leave it: headers have at most 32 KB together",
    "limit_request_line": "leave it: an address has at most 4 094 characters",
    "logconfig": "set LOG_LEVEL and LOG_FORMAT",
    "root_path": "set SITE_PREFIX",
    "ssl_version": "end TLS at a proxy",
    "statsd_host": "read /metrics",
    "syslog": "send standard error there",
    "tmp_upload_dir": "set TMPDIR",
}


class NotFollowed(RuntimeError):
    """Options that would do nothing; gunicorn ends with these words."""

    def __init__(self, names: Iterable[str]) -> None:
        told = [f"{name} does nothing here: {INSTEAD.get(name, 'unset it')}." for name in names]
        super().__init__("\n".join(told))


def check(config: Config) -> None:
    """Raise NotFollowed for what somebody has set in vain."""
    usual = make_settings()
    changed = sorted(name for name, setting in config.settings.items() if setting.get() != usual[name].get())
    if names := [name for name in changed if name not in FOLLOWED]:
        raise NotFollowed(names)
