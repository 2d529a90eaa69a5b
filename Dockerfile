# certo and nothing else: docker build -t certo .
#
#   docker run --rm -v certo:/var/lib/certo certo issue --agree-tos -d example.com --dns cloudflare …
#   docker run -d --restart unless-stopped -v certo:/var/lib/certo certo cron --every 1h
#
# Certificates are in the volume, below certs/NAME/live. There is no shell, so hooks and programs as DNS providers, and
# providers that are .so files, are for certo outside of an image.
FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends make
COPY . /src
WORKDIR /src
RUN make install DESTDIR=/staged PREFIX=/usr
RUN install -D -m 755 /staged/usr/bin/certo /image/usr/bin/certo \
 && install -D -m 644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
 && mkdir -p /image/usr/share/doc && cp -r /staged/usr/share/doc/certo /image/usr/share/doc/ \
 && install -d -m 700 /image/var/lib/certo \
 && install -d -m 1777 /image/tmp

FROM scratch
COPY --from=build /image /
ENV CERTO_HOME=/var/lib/certo
VOLUME /var/lib/certo
ENTRYPOINT ["/usr/bin/certo"]
CMD ["help"]
