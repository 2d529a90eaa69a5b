# shellcheck shell=bash
# moto, which answers like Route 53. It takes any signature; log/moto has the requests.

# The Python that moto comes with, run by that folder's own loader and libraries: the words of `moto_python`.
find_moto_python() {
  local loader
  for loader in "$depot"/moto/usr/lib/*-linux-gnu*/ld-linux*.so.*; do break; done
  moto_python=(env -u PYTHONPATH PYTHONHOME="$depot/moto/usr" PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1
    "$loader" --library-path "$(libraries moto)" "$depot/moto/usr/bin/python3")
}

start_moto() {
  find_moto_python
  launch moto "${moto_python[@]}" -m moto.server -H 127.0.0.1 -p "$moto_port"
  tell MOTO_URL "http://127.0.0.1:$moto_port"
}

wait_moto() {
  wait_port moto 127.0.0.1 "$moto_port"
}
