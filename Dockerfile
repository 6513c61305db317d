# slosmith alone: one static binary that runs as nobody, to be mounted a project at /project.
#
#   docker build -t slosmith .
#   docker run --rm -u "$(id -u):$(id -g)" -v "$PWD:/project" slosmith build
FROM rust:1.95.0-alpine3.22 AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin slosmith \
    && ! ldd target/release/slosmith 2>/dev/null | grep -q '=>' \
    && install -D target/release/slosmith /out/slosmith

FROM scratch
COPY --from=build /out/slosmith /slosmith
USER 65532:65532
WORKDIR /project
# The cache needs a folder that outlives the container; without one, it is left out.
ENTRYPOINT ["/slosmith"]
CMD ["--help"]
