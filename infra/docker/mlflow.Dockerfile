# MLflow behind the relay: its tables in schema mlflow of the relay's database, its artifacts in S3.
# docker build -f infra/docker/mlflow.Dockerfile infra/docker

FROM python:3.12.12-slim-bookworm AS build
WORKDIR /app
COPY mlflow-requirements.txt ./
RUN python -m venv /app/venv \
  && /app/venv/bin/pip install --no-cache-dir --require-virtualenv -r mlflow-requirements.txt

FROM python:3.12.12-slim-bookworm AS mlflow
WORKDIR /app
COPY --from=build /app/venv /app/venv
COPY mlflow_start.py ./
USER 1000:1000
ENV PATH=/app/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
  MLFLOW_DISABLE_TELEMETRY=true MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false
EXPOSE 5000
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5000/health', timeout=4)"]
CMD ["python", "/app/mlflow_start.py"]
