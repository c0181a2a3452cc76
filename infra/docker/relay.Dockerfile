# The relay: one bundled file, run by a user without rights on a root that may be read-only.
# docker build -f infra/docker/relay.Dockerfile .

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node esbuild.mjs --production

FROM gcr.io/distroless/nodejs24-debian12:nonroot AS relay
WORKDIR /app
# Without the embedded database: here it is always a server's.
COPY --from=build --chown=root:root /src/dist/server/main.js /src/dist/server/s3.js /src/dist/server/sagemaker.js ./server/
COPY --from=build --chown=root:root /src/LICENSE /src/NOTICE.md ./
USER 1000:1000
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/api/health').then((r) => process.exit(r.ok || r.status === 503 ? 0 : 1), () => process.exit(1))"]
CMD ["/app/server/main.js"]
