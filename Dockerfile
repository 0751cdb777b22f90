# The program alone, linked statically, run by nobody:
#
#     docker run --rm --volume "$PWD:/code:ro" unroot --check
#
# To write files or reports, add `--user "$(id -u):$(id -g)"` and mount without `:ro`.

FROM rust:1.95-alpine AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock README.md ./
COPY src src
RUN cargo build --release --locked --bin unroot && cp target/release/unroot /unroot

FROM scratch
COPY --from=build /unroot /unroot
USER 65532:65532
WORKDIR /code
ENTRYPOINT ["/unroot"]
