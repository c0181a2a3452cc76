"""Starts MLflow's server on the relay's database: DATABASE_URL, its tables in a schema of their own.

Settings: DATABASE_URL (postgresql://...), MLFLOW_ARTIFACTS (s3://bucket/prefix or a folder), MLFLOW_HOST_NAMES (names by
which it may be asked, with commas), PORT (5000).
"""

import os
import sys
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

SCHEMA = "mlflow"


def backend_store(database_url: str) -> str:
    """The address as SQLAlchemy takes it: psycopg 3, and only the schema `mlflow` in sight."""
    parts = urlsplit(database_url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise SystemExit("mlflow: DATABASE_URL must be an address that begins with postgres:// or postgresql://.")
    query = dict(parse_qsl(parts.query))
    query["options"] = f"-csearch_path={SCHEMA}"
    return urlunsplit(("postgresql+psycopg", parts.netloc, parts.path, urlencode(query, quote_via=quote), ""))


def make_schema(database_url: str) -> None:
    import psycopg

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"create schema if not exists {SCHEMA}")


def main() -> None:
    database_url = os.environ.get("DATABASE_URL", "")
    artifacts = os.environ.get("MLFLOW_ARTIFACTS", "")
    if not database_url or not artifacts:
        raise SystemExit("mlflow: DATABASE_URL and MLFLOW_ARTIFACTS must be set.")
    store = backend_store(database_url)
    make_schema(database_url)
    port = os.environ.get("PORT", "5000")
    # Not on the command line, where everybody on the machine reads the password.
    os.environ["MLFLOW_BACKEND_STORE_URI"] = store
    del os.environ["DATABASE_URL"]
    hosts = [f"127.0.0.1:{port}", f"localhost:{port}"]
    hosts += [f"{name}:{port}" for name in os.environ.get("MLFLOW_HOST_NAMES", "").split(",") if name]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "0.0.0.0", "--port", port, "--workers", "2"]
    command += ["--artifacts-destination", artifacts, "--serve-artifacts", "--allowed-hosts", ",".join(hosts)]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
