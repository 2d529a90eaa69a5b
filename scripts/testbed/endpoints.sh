# shellcheck shell=bash
# Servers whose certificates certo looks at or that stand behind a web server, and programs that look at what certo
# writes. The test configures and starts them itself.

fetch_endpoints() {
  local postgres
  apt_list own
  # The package "postgresql" only names the version, and may be installed here already.
  postgres=$(apt_in own apt-cache depends postgresql | awk '$1 == "Depends:" && $2 ~ /^postgresql-[0-9]+$/ { print $2; exit }')
  [ -n "$postgres" ] || die "this machine's Debian mirror has no postgresql"
  unpack_whole own endpoints dovecot-core dovecot-imapd dovecot-pop3d "$postgres" mariadb-server mariadb-server-core
  holds endpoints sbin/dovecot
  holds endpoints sbin/mariadbd
  [ -n "$(find "$depot/endpoints/usr/lib/postgresql" -name initdb)" ] || die "the package of PostgreSQL holds no initdb"
}

fetch_promtool() {
  apt_list own
  unpack_whole own promtool prometheus
  holds promtool bin/promtool
}

fetch_chromium() {
  apt_list own
  unpack_whole own chromium chromium-headless-shell fonts-dejavu-core
  holds chromium lib/chromium/chromium-headless-shell
}

fetch_php-fpm() {
  apt_list own
  unpack_whole own php-fpm php-fpm
  [ -n "$(find "$depot/php-fpm/usr/sbin" -name 'php-fpm*')" ] || die "the package of php-fpm holds no php-fpm"
}

start_endpoints() {
  tell ENDPOINTS "$depot/endpoints" ENDPOINTS_LIBRARIES "$(libraries endpoints)"
}

wait_endpoints() { :; }

start_promtool() {
  tell PROMTOOL "$depot/promtool/usr/bin/promtool"
}

wait_promtool() { :; }

start_php-fpm() {
  tell PHP_FPM "$(find "$depot/php-fpm/usr/sbin" -name 'php-fpm*' | head -n 1)" PHP_FPM_LIBRARIES "$(libraries php-fpm)"
}

wait_php-fpm() { :; }

start_chromium() {
  local all
  all=$(libraries chromium)
  tell CHROMIUM "$depot/chromium/usr/lib/chromium/chromium-headless-shell" CHROMIUM_LIBRARIES "$all:${all%%:*}/pulseaudio"
}

wait_chromium() { :; }
