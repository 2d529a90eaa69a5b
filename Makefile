# certo - `make help` lists what can be made.

VERSION := 0.1.0

BUILD  ?= build
DEPS   ?= build/deps
PREFIX ?= /usr/local
CC     ?= cc
CXX    ?= g++
OBJCOPY ?= objcopy
AR     ?= ar

ifeq ($(origin CXX),default)
CXX := g++
endif
# CROSS=aarch64-linux-gnu: for another machine, with a BUILD and a DEPS of its own.
ifneq ($(CROSS),)
CC      := $(CROSS)-gcc
CXX     := $(CROSS)-g++
OBJCOPY := $(CROSS)-objcopy
AR      := $(CROSS)-ar
endif

# All processors, unless -j on the command line says otherwise, or several goals are named: `make clean all`
# keeps its order. A make below another one shares that one's.
ifeq ($(MAKELEVEL)$(word 2,$(MAKECMDGOALS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)')


# A compilation says which of how many it is. When the first one starts, make counts them: a dry run in which nothing
# is forced, and without the goals that call make themselves, because those would run.
step = $(if $(COUNTING),@: step,$(eval STEPS += x)@echo '[$(words $(STEPS))/$(TOTAL)] $(1)')
TOTAL = $(eval TOTAL := $(shell $(COUNT)))$(TOTAL)
COUNT = MAKEFLAGS= $(MAKE) -n COUNTING=1 $(MAKEOVERRIDES) \
        $(filter-out check clean deb distclean release test,$(MAKECMDGOALS)) 2> /dev/null | grep -c '^: step'
FORCED := $(if $(COUNTING),,FORCE)

# ---- flags ----

# A constructor's parameter may have the name of the member that it fills, hence only local shadows. No object of
# another compiler is linked, so what GCC 7 changed for ARM counts for nothing. What a designated initializer leaves
# out has its default.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor -Wconversion -Wno-sign-conversion \
            -Wno-psabi -Wno-missing-field-initializers $(if $(WERROR),-Werror)
INCLUDES := -Isrc -Iproviders -isystem $(DEPS)/include
# Certificates end after 2038, on machines with 32 bits too. scripts/deps.sh does the same.
TIME_64  := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
COMMON   := -std=c++20 -g1 $(WARNINGS) $(INCLUDES) $(TIME_64) -pthread -MMD -MP
# Each was measured: together they cost less than 2 % of the time of an issue and of a provider's process. Not
# -fcf-protection: Debian's libc.a lacks it, so the linker drops the mark without which no kernel enforces it.
HARDEN   := -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero \
            -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
# For size: the code that takes time is in the libraries. GCC's -fipa-sra would give each object its own copies of
# std::string's functions, and the parameter makes it inline only what takes less space than a call.
IS_GCC   := $(filter g++ %-g++,$(notdir $(CXX)))
SMALL    := $(if $(IS_GCC),-Oz -fno-ipa-sra --param=uninlined-function-insns=0,-Os)
COMPILE  := $(CXX) $(COMMON) $(SMALL) -fPIE -ffunction-sections -fdata-sections $(HARDEN) $(CXXFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# The one object of a provider goes into certo and into a .so; so does what it takes along.
SHARED_FLAGS := -fPIC -fno-semantic-interposition
COMPILE_SAN := $(CXX) $(COMMON) -O1 $(SANITIZE) $(CXXFLAGS)
# A library stands before those that it calls.
OURS    := -lcurl -lnghttp2 -lcares -lmbedtls -lmbedx509 -lmbedcrypto -lsimdjson
DEBIANS := -lfmt -lidn2 -lunistring -lz
# lld takes a quarter of the time, and keeps one of several functions or constants with the same bytes, which is a
# fortieth of the program: nothing here compares their addresses. If it is missing, the compiler's own linker works.
LLVM  := /usr/lib/llvm-16/bin
LLD    = $(shell [ ! -x $(LLVM)/ld.lld ] || echo lld)
LINKER = $(if $(LLD),-fuse-ld=lld -B$(LLVM) -Wl$(comma)--icf=all$(comma)--ignore-data-address-equality$(comma)-O2)
comma := ,
# A build id depends on the debug information, which contains the folder's name, so releases would differ.
# --wrap: see src/net/trust.cc.
LINK = $(CXX) -g -pthread $(LINKER) -L$(DEPS)/lib -Wl,--wrap=mbedtls_x509_crt_parse_der -Wl,--gc-sections \
       -Wl,-z,relro,-z,now -Wl,--build-id=none $(LDFLAGS)

# Relative relocations take a fiftieth of the space; a static libc before glibc 2.36 does not know them so.
PACKED = -Wl,$(if $(LLD),--pack-dyn-relocs=relr,-z$(comma)pack-relative-relocs)
# If libc has no start code for static programs that load anywhere (32-bit ARM), certo loads at a fixed address.
STATIC = $(if $(filter /%,$(shell $(CXX) -print-file-name=rcrt1.o)),-static-pie $(PACKED),-static)

# The functions that a plugin in C finds in the program that loads it.
FOR_PLUGINS := -Wl,--export-dynamic-symbol='cJSON_*'

# ---- what shortens a build ----

# Sources that the compiler reads together, at most this many (scripts/chunks.sh). The whole build takes half as long;
# after a change of one file a chunk is compiled. CHUNK=1 compiles each file by itself, which suits work on certo.
# Headers of the standard library are compiled once for files with the same flags; PCH= builds without them. Each file
# includes what it needs in any case, and `make check` compiles each without help. Another compiler than GCC, or ccache,
# gets files as they are.
CHUNK ?= $(if $(IS_GCC),5,1)
PCH   ?= $(IS_GCC)
STANDARD_HEADERS := algorithm array charconv chrono cstdint cstring functional future map memory mutex optional set \
                    span string string_view thread utility variant vector

# ---- files ----

PROVIDERS := $(sort $(wildcard providers/*.cc))
SOURCES := $(sort $(wildcard src/*/*.cc providers/sdk/*.cc)) $(PROVIDERS)
HOOKS   := $(sort $(wildcard hooks/*/*.sh))
# In the order in which `certo help` lists them.
TOPICS  := dns dns-program dns-scripts recipes nginx apache tls-alpn hooks accounts state json exit-codes
FUZZERS := $(sort $(wildcard tests/fuzz/*.cc))
TESTS   := $(sort $(wildcard tests/unit/*.cc tests/unit/*/*.cc)) $(FUZZERS)
OBJ     := $(BUILD)/obj
SAN     := $(BUILD)/san

# Files that are compiled separately: main, which the unit tests do not link; the loader of .so files, which is not in
# the static program; and files with definitions or data that the others must not see or wait for.
MAIN            := $(wildcard src/*/main.cc)
LOADER          := $(wildcard src/*/load.cc)
VERSION_SOURCE  := src/base/version.cc
CARRYING        := $(shell grep -l '^CERTO_CARRY' $(wildcard src/*/*.cc))
# The files that a provider's .so contains in addition.
PLUGIN_SOURCES  := $(sort $(wildcard providers/sdk/*.cc src/base/*.cc))

ifeq ($(CHUNK),1)
ALONE   := $(SOURCES)
else
ALONE   := $(MAIN) $(LOADER) $(VERSION_SOURCE) $(CARRYING) $(PROVIDERS)
CHUNKED := $(addprefix own,$(shell scripts/chunks.sh $(CHUNK) $(filter-out $(ALONE) $(PLUGIN_SOURCES),$(SOURCES)))) \
           $(addprefix plugin,$(shell scripts/chunks.sh $(CHUNK) $(filter-out $(ALONE),$(PLUGIN_SOURCES))))
CHUNKS  := $(sort $(foreach pair,$(CHUNKED),$(firstword $(subst =, ,$(pair)))))
endif
# $(call members,CHUNK): the sources of it.
members = $(patsubst $(1)=%,%,$(filter $(1)=%,$(CHUNKED)))

# $(call objects,FOLDER,SOURCES): their objects; a chunk counts if one of them is in it.
objects = $(patsubst %.cc,$(1)/%.o,$(filter $(ALONE) $(TESTS),$(2))) \
          $(patsubst %,$(1)/chunk/%.o,$(sort $(foreach source,$(filter-out $(ALONE) $(TESTS),$(2)), \
            $(firstword $(subst =, ,$(filter %=$(source),$(CHUNKED)))))))
OBJECTS := $(call objects,$(OBJ),$(SOURCES))
PLUGINS := $(PROVIDERS:providers/%.cc=$(BUILD)/plugins/%.so) $(BUILD)/plugins/example.so
BAD_PLUGINS := $(foreach fault,abi crash exit flood forbidden hang hole name start status symbol,$(BUILD)/plugins/bad-$(fault).so)
TEST_PLUGINS := $(BAD_PLUGINS) $(BUILD)/plugins/test-threads.so
PLUGIN_PARTS := $(call objects,$(OBJ),$(PLUGIN_SOURCES))
PARTS   := $(filter-out $(MAIN),$(SOURCES)) $(TESTS)
# $(call without,ROOMS): the sources of all other rooms.
without = $(filter-out $(foreach room,$(1),src/$(room)/%),$(SOURCES))

# ---- goals for people ----

.DEFAULT_GOAL := all

all: $(BUILD)/certo $(BUILD)/certo-provider-host $(BUILD)/libcerto-provider.a ## build certo; libraries and packages that are missing come first

unit: $(BUILD)/unit ## build and run the unit tests only
	$(Q)$(BUILD)/unit $(UNIT_ARGS)

test: ## all tests, unit and end to end; the last line counts them
	+@BUILD='$(BUILD)' scripts/test.sh

torture: $(BUILD)/certo ## tests under a systemd that systemd-nspawn boots: the schedule, nginx, Apache; as root
	$(Q)CERTO='$(abspath $(BUILD))/certo' tests/torture/systemd.sh
	$(Q)CERTO='$(abspath $(BUILD))/certo' tests/torture/webservers.sh

check: ## what a change must pass besides the tests: format, layers, lint, unit tests under sanitizers
	@scripts/packages.sh build check
	$(Q)scripts/layers.sh
	$(Q)clang-format-16 --dry-run --Werror $(FORMATTED)
	+$(Q)$(MAKE) --no-print-directory WERROR=1 CHUNK=1 PCH= BUILD='$(BUILD)/check' objects
	$(Q)BUILD='$(BUILD)/check' DEPS='$(DEPS)' scripts/lint.sh
	+$(Q)$(MAKE) --no-print-directory unit-san
	+$(Q)$(MAKE) --no-print-directory unit-tsan

unit-san: $(BUILD)/unit-san ## build and run the unit tests under the address and undefined behaviour sanitizers
	$(Q)$(BUILD)/unit-san $(UNIT_ARGS)

# Other sanitizers: the same rules with a folder of their own, for what is tested with them and what that needs.
unit-tsan: ## build and run the unit tests of what has several threads under the thread sanitizer
	+$(Q)$(MAKE) --no-print-directory SAN='$(BUILD)/tsan' SANITIZE='-fsanitize=thread -fno-omit-frame-pointer' WARNINGS=-w \
	  SOURCES='$(call without,acmesh clients cli commands console import schedule)' TESTS='$(THREADED)' $(BUILD)/unit-tsan
	$(Q)TSAN_OPTIONS='halt_on_error=1 suppressions=tests/unit/thread-sanitizer.txt' $(BUILD)/unit-tsan $(UNIT_ARGS)
THREADED = $(filter tests/unit/main.cc $(foreach room,fixtures net renew challenge,tests/unit/$(room)/%),$(TESTS))

# Debian's clang, because GCC has no libFuzzer.
fuzz: ## look for inputs that break certo: each target of tests/fuzz for FUZZ_SECONDS (20), or only FUZZ=NAME
	@scripts/packages.sh build fuzz
	+$(Q)$(MAKE) --no-print-directory SAN='$(BUILD)/fuzz' SANITIZE='$(SANITIZE) -fsanitize=fuzzer-no-link' \
	  CXX=clang++-16 CHUNK=1 PCH= WARNINGS=-w \
	  SOURCES='$(call without,cli commands renew schedule)' TESTS='$(FUZZERS)' $(BUILD)/fuzzer
	@BUILD='$(BUILD)' FUZZ='$(FUZZ)' scripts/fuzz.sh

FORMATTED = $(sort $(wildcard src/*/*.cc src/*/*.h providers/*.cc providers/sdk/*.cc providers/sdk/*.h* \
                             tests/unit/*.cc tests/unit/*.h tests/unit/*/*.cc tests/unit/*/*.h \
                             tests/fuzz/*.cc tests/fuzz/*.h))
format: ## lay out the sources as .clang-format says
	@scripts/packages.sh check
	$(Q)clang-format-16 -i $(FORMATTED)

demo: all demo-servers ## a certificate from start to end against a CA on this machine
	@BUILD='$(BUILD)' scripts/demo.sh

# Fetched while the compiler works.
demo-servers: | $(DEPS)/packages
	@scripts/testbed.sh fetch pebble nginx

bench: all ## measure speed and size
	@BUILD='$(BUILD)' scripts/bench.sh

# FILE=PLACE below PREFIX, for install and uninstall.
INSTALLED_PROGRAMS := $(BUILD)/certo=bin/certo $(BUILD)/certo-provider-host=libexec/certo/certo-provider-host \
                      $(foreach hook,$(HOOKS),$(hook)=share/certo/$(hook))
SDK_HEADERS := $(filter-out %/cjson_node.h,$(wildcard providers/sdk/*.h providers/sdk/*.hpp))
BASE_HEADERS := $(patsubst %,base/%.h,error exit json text time)
INSTALLED_FILES := $(BUILD)/certo.1=share/man/man1/certo.1 \
                   $(foreach topic,$(TOPICS),$(BUILD)/certo-$(topic).7=share/man/man7/certo-$(topic).7) \
                   $(BUILD)/completion.bash=share/bash-completion/completions/certo \
                   $(BUILD)/completion.zsh=share/zsh/site-functions/_certo \
                   $(BUILD)/completion.fish=share/fish/vendor_completions.d/certo.fish \
                   $(foreach file,LICENSE README.md CHANGELOG.md,$(file)=share/doc/certo/$(file)) \
                   $(BUILD)/NOTICES=share/doc/certo/NOTICES \
                   providers/README.md=share/doc/certo/providers.md \
                   $(BUILD)/libcerto-provider.a=lib/certo/libcerto-provider.a \
                   $(foreach header,$(SDK_HEADERS),$(header)=include/certo/$(header:providers/%=%)) \
                   $(foreach header,$(BASE_HEADERS),src/$(header)=include/certo/$(header))
ROOT := $(DESTDIR)$(PREFIX)

# The name of the file with the symbols is removed, because the checksum next to it depends on this folder's name.
install: all ## install below PREFIX (/usr/local), staged below DESTDIR
	$(RUN) $(BUILD)/certo help --man > $(BUILD)/certo.1
	for shell in bash zsh fish; do $(RUN) $(BUILD)/certo completion $$shell > $(BUILD)/completion.$$shell || exit 1; done
	for topic in $(TOPICS); do $(RUN) $(BUILD)/certo help --man $$topic > $(BUILD)/certo-$$topic.7 || exit 1; done
	@$(foreach pair,$(INSTALLED_PROGRAMS),$(call put,755,$(pair)) && ) $(foreach pair,$(INSTALLED_FILES),$(call put,644,$(pair)) && ) :
	$(OBJCOPY) --remove-section=.gnu_debuglink '$(ROOT)/bin/certo'
	$(OBJCOPY) --remove-section=.gnu_debuglink '$(ROOT)/libexec/certo/certo-provider-host'
put = $(call put_at,$(1),$(firstword $(subst =, ,$(2))),$(lastword $(subst =, ,$(2))))
put_at = echo '  $(ROOT)/$(3)' && install -D -m $(1) $(2) '$(ROOT)/$(3)'

uninstall: ## remove what install installed; certificates, keys and `certo schedule` stay
	@for place in $(foreach pair,$(INSTALLED_PROGRAMS) $(INSTALLED_FILES),$(lastword $(subst =, ,$(pair)))); do \
	  [ ! -e '$(ROOT)'/$$place ] || echo '  removed: $(ROOT)'/$$place; rm -f '$(ROOT)'/$$place || exit 1; done
	@for folder in libexec/certo lib/certo share/certo share/doc/certo include/certo; do \
	  [ ! -d '$(ROOT)'/$$folder ] || find '$(ROOT)'/$$folder -depth -type d -empty -delete || exit 1; done

release: ## tarballs, checksums and signature in build/release; see scripts/release.sh for ARCHES and RELEASE_KEY
	+@BUILD='$(BUILD)' VERSION='$(VERSION)' scripts/release.sh

deb: ## a Debian package of what install installs
	+@BUILD='$(BUILD)' VERSION='$(VERSION)' scripts/deb.sh

clean: ## remove what was built, but neither the libraries nor the servers that the tests fetched
	$(Q)if [ -d '$(BUILD)' ]; then \
	  find '$(BUILD)' -mindepth 1 -maxdepth 1 ! -path '$(DEPS)' ! -name testbed -exec rm -rf {} +; fi

distclean: ## remove them too
	$(Q)rm -rf '$(BUILD)' '$(DEPS)'

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1:\2/p' Makefile | \
	  while IFS=: read -r goal text; do printf '  %-10s %s\n' $$goal "$$text"; done
	@echo '  with: V=1 (show commands)  WERROR=1  BUILD=DIR  PREFIX=DIR  DESTDIR=DIR  CXX  CXXFLAGS  LDFLAGS'
	@echo '        VERSION=N.N.N  RELEASE_PUBKEY=FILE  CROSS=TRIPLE (needs BUILD and DEPS; RUN=EMULATOR for install)'

.PHONY: all objects plugins unit test torture check unit-san unit-tsan fuzz format demo demo-servers bench install uninstall release deb clean distclean help FORCE

# ---- programs ----

# One program, linked twice from the same objects: the first runs anywhere, an empty root too; the second
# has a dynamic libc because a static program must not dlopen the providers that come as .so files. Each is stripped,
# and debuggers find its symbols in the .debug file next to it.
$(BUILD)/certo: $(OBJECTS) $(DEPS)/built
	$(call say,link $@)
	$(Q)$(LINK) $(STATIC) -o $@.debug $(filter-out $(LOADER:%.cc=$(OBJ)/%.o),$(OBJECTS)) $(OURS) $(DEBIANS)
	$(Q)$(OBJCOPY) --strip-all --add-gnu-debuglink=$@.debug $@.debug $@

$(BUILD)/certo-provider-host: $(OBJECTS) $(DEPS)/built
	$(call say,link $@)
	$(Q)$(LINK) -pie -static-libstdc++ -static-libgcc $(FOR_PLUGINS) -o $@.debug $(OBJECTS) \
	  -Wl,-Bstatic $(OURS) $(DEBIANS) -Wl,-Bdynamic
	$(Q)$(OBJCOPY) --strip-all --add-gnu-debuglink=$@.debug $@.debug $@

# For fault injection by LD_PRELOAD; made by name only.
$(BUILD)/certo-dynamic: $(OBJECTS) $(DEPS)/built
	$(call say,link $@)
	$(Q)$(LINK) -pie $(FOR_PLUGINS) -o $@ $(OBJECTS) $(OURS) $(DEBIANS)

$(BUILD)/unit: $(call objects,$(OBJ),$(PARTS)) | $(PLUGINS) $(TEST_PLUGINS) $(BUILD)/certo-provider-host
	$(call say,link $@)
	$(Q)$(LINK) -pie $(FOR_PLUGINS) -o $@ $(filter %.o,$^) $(OURS) $(DEBIANS)

$(BUILD)/unit-san: | $(PLUGINS) $(TEST_PLUGINS) $(BUILD)/certo-provider-host
$(BUILD)/unit-san $(BUILD)/unit-tsan: $(call objects,$(SAN),$(PARTS))
	$(call say,link $@)
	$(Q)$(LINK) $(SANITIZE) $(FOR_PLUGINS) -o $@ $(filter %.o,$^) $(OURS) $(DEBIANS)

$(BUILD)/fuzzer: $(call objects,$(SAN),$(PARTS))
	$(call say,link $@)
	$(Q)$(LINK) $(SANITIZE) -fsanitize=fuzzer -o $@ $^ $(OURS) $(DEBIANS)

# A built-in provider as a .so, from the same object. Its entry has another name there.
$(BUILD)/plugins/%.so: $(OBJ)/providers/%.o $(PLUGIN_PARTS) scripts/plugin.map
	$(call say,link $@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -shared -static-libstdc++ -static-libgcc -Wl,--defsym=certo_provider_v1=certo_builtin_$* \
	  -Wl,--version-script=scripts/plugin.map -o $@ $< $(PLUGIN_PARTS) -lsimdjson -lfmt

# What an author elsewhere links into a provider in C++, with the libraries that it needs; providers/README.md has the line.
# Two members may have the same name, so they are appended.
$(BUILD)/libcerto-provider.a: $(PLUGIN_PARTS) $(DEPS)/built
	$(call say,ar   $@)
	@rm -rf $@ $@.parts && mkdir -p $@.parts
	$(Q)for library in $(abspath $(DEPS)/lib/libsimdjson.a $(DEPS)/lib/libfmt.a); do (cd $@.parts && $(AR) x $$library) || exit; done
	$(Q)$(AR) qcs $@ $(PLUGIN_PARTS) $@.parts/*.o
	$(Q)$(OBJCOPY) --strip-debug $@
	@rm -rf $@.parts

# Built as an author elsewhere builds one: plain C, and only the SDK's headers.
$(BUILD)/plugins/%.so: providers/examples/%.c $(wildcard providers/sdk/*.h) scripts/plugin.map
	$(call say,cc   $@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -fPIC -shared -Iproviders/sdk -o $@ $<

# Plugins that break the rules, for the tests.
$(BAD_PLUGINS): $(BUILD)/plugins/bad-%.so: tests/fake/bad_plugin.c providers/sdk/provider.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c99 -fPIC -shared -Iproviders -DBAD_$(shell echo $* | tr a-z A-Z) -o $@ $<

# Built as an author elsewhere builds one in C++, with the libraries of that machine.
$(BUILD)/plugins/test-threads.so: tests/fake/threads_plugin.cc providers/sdk/provider.h
	@mkdir -p $(@D)
	$(Q)$(CXX) -std=c++20 -Wall -Wextra -fPIC -shared -pthread -Iproviders -o $@ $<

plugins: $(PLUGINS) ## each built-in provider as a .so, too

# ---- objects ----

objects: $(OBJECTS) $(call objects,$(OBJ),$(TESTS))

$(OBJ)/%.o: %.cc $(OBJ)/flags $(if $(PCH),$(OBJ)/std.h.gch) $(DEPS)/built
	$(call step,c++  $<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(HEADERS) $(DEFINES) -c -o $@ $<

$(SAN)/%.o: %.cc $(SAN)/flags $(if $(PCH),$(SAN)/std.h.gch) $(DEPS)/built
	$(call step,c++  $< (sanitizers))
	@mkdir -p $(@D)
	$(Q)$(COMPILE_SAN) $(HEADERS) $(DEFINES) -c -o $@ $<

# A chunk is a file that includes its members.
$(OBJ)/chunk/%.o: $(OBJ)/chunk/%.cc $(OBJ)/flags $(if $(PCH),$(OBJ)/std.h.gch) $(DEPS)/built
	$(call step,c++  $(call members,$*))
	$(Q)$(COMPILE) $(HEADERS) -iquote . $(DEFINES) -c -o $@ $<

$(SAN)/chunk/%.o: $(SAN)/chunk/%.cc $(SAN)/flags $(if $(PCH),$(SAN)/std.h.gch) $(DEPS)/built
	$(call step,c++  $(call members,$*) (sanitizers))
	$(Q)$(COMPILE_SAN) $(HEADERS) -iquote . $(DEFINES) -c -o $@ $<

$(CHUNKS:%=$(OBJ)/chunk/%.cc): $(OBJ)/chunk/list ;
$(CHUNKS:%=$(SAN)/chunk/%.cc): $(SAN)/chunk/list ;
$(OBJ)/chunk/list $(SAN)/chunk/list: $(FORCED)
	@mkdir -p $(@D)
	@echo '$(CHUNKED)' | cmp -s - $@ || scripts/chunks.sh --write $(@D) $(CHUNKED)

# Nothing but these includes may come first on the command line, or the compiler takes no notice of the .gch.
$(OBJ)/%.o $(OBJ)/chunk/%.o: HEADERS = -include $(if $(PCH),$(OBJ)/std.h,src/base/checks.h)
$(SAN)/%.o $(SAN)/chunk/%.o: HEADERS = $(if $(PCH),-include $(SAN)/std.h)
$(OBJ)/std.h.gch: $(OBJ)/flags $(DEPS)/built
	$(call step,c++  headers of the standard library)
	$(Q)$(COMPILE) -x c++-header -o $@ $(OBJ)/std.h
$(SAN)/std.h.gch: $(SAN)/flags $(DEPS)/built
	$(call step,c++  headers of the standard library (sanitizers))
	$(Q)$(COMPILE_SAN) -x c++-header -o $@ $(SAN)/std.h

# Text that differs from one release to the next is compiled into one object. The URL is in install.sh and nowhere else;
# RELEASE_PUBKEY is a PEM file, and without one certo does not upgrade itself.
RELEASES_URL := $(shell sed -n 's/^releases_url=//p' install.sh)
RELEASE_KEY_TEXT := $(if $(RELEASE_PUBKEY),$(shell sed '/^-/d' '$(RELEASE_PUBKEY)' | tr -d '\n'))
VERSION_DEFINES = -DCERTO_VERSION='"$(VERSION)"' -DCERTO_RELEASES_URL='"$(RELEASES_URL)"' \
                  -DCERTO_RELEASE_KEY='"$(RELEASE_KEY_TEXT)"'
VERSION_OBJECTS := $(VERSION_SOURCE:%.cc=$(OBJ)/%.o) $(VERSION_SOURCE:%.cc=$(SAN)/%.o)
$(VERSION_OBJECTS): DEFINES = $(VERSION_DEFINES)
$(VERSION_OBJECTS): $(BUILD)/version
$(BUILD)/version: $(FORCED)
	@mkdir -p $(@D)
	@echo "$(VERSION) $(RELEASES_URL) $(RELEASE_KEY_TEXT)" | cmp -s - $@ || \
	  echo "$(VERSION) $(RELEASES_URL) $(RELEASE_KEY_TEXT)" > $@

# A provider's entry is certo_builtin_NAME; the list of them is in builtins.cc.
$(PROVIDERS:%.cc=$(OBJ)/%.o) $(PROVIDERS:%.cc=$(SAN)/%.o): DEFINES = -DCERTO_BUILTIN=$(basename $(notdir $<))

$(PLUGIN_PARTS) $(PROVIDERS:%.cc=$(OBJ)/%.o): DEFINES += $(SHARED_FLAGS)
$(PLUGIN_PARTS) $(PROVIDERS:%.cc=$(OBJ)/%.o): HEADERS = -include src/base/checks.h

# Fixtures are for tests only.
$(TESTS:%.cc=$(OBJ)/%.o) $(TESTS:%.cc=$(SAN)/%.o): DEFINES += -Itests/unit

# Texts that the program carries (os/packed.h). The compiler's list of dependencies does not know them.
PACKED_TEXTS := $(patsubst %,$(BUILD)/packed/%.gz,notices recipe_index recipes report_css script_host servers topics)
CARRYING_OBJECTS := $(CARRYING:%.cc=$(OBJ)/%.o) $(CARRYING:%.cc=$(SAN)/%.o)
$(CARRYING_OBJECTS): DEFINES = -DCERTO_PACKED='"$(BUILD)/packed"'
$(CARRYING_OBJECTS): $(PACKED_TEXTS)
# By way of a file, so that a command that fails is noticed.
pack = @mkdir -p $(@D) && { $(1); } > $@.new && gzip -9nc $@.new > $@ && rm $@.new
$(BUILD)/packed/notices.gz: $(BUILD)/notices.txt
	$(call pack,cat $<)
$(BUILD)/packed/report_css.gz: src/status/report.css
	$(call pack,cat $<)
$(BUILD)/packed/script_host.gz: hooks/adapters/acmesh-dnsapi.sh
	$(call pack,cat $<)
$(BUILD)/packed/servers.gz: src/store/servers.json
	$(call pack,cat $<)
# A form feed after each.
$(BUILD)/packed/topics.gz: $(TOPICS:%=src/cli/topics/%.txt) Makefile
	$(call pack,for topic in $(TOPICS:%=src/cli/topics/%.txt); do cat $$topic && printf '\f'; done)
# For each a line with its name, a tab, and its text without line breaks and indentation. A recipe that was removed is
# noticed, too.
$(BUILD)/packed/recipes.gz: $(BUILD)/recipes
	$(call pack,cat $<)
RECIPES := $(sort $(wildcard providers/*.json))
$(BUILD)/recipes: $(FORCED)
	@mkdir -p $(@D)
	@awk 'FNR == 1 { name = FILENAME; gsub(/.*\/|\.json$$/, "", name); printf "%s%s\t", (NR > 1 ? "\n" : ""), name } \
	  { sub(/^ +/, ""); printf "%s", $$0 } END { print "" }' $(RECIPES) > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# What the list of services needs of them.
$(BUILD)/packed/recipe_index.gz: scripts/recipe-index.awk $(BUILD)/recipes
	$(call pack,awk -f $< $(BUILD)/recipes)

# Licenses and versions of what is linked.
$(BUILD)/notices.txt: scripts/notices.sh $(DEPS)/built $(BUILD)/version
	@scripts/notices.sh '$(DEPS)' '$(BUILD)' '$(VERSION)' && touch $@
$(BUILD)/NOTICES $(BUILD)/certo.spdx: $(BUILD)/notices.txt ;

# Objects are stale when the command that compiles them has changed. It is written without a folder's name, so that a
# copy of this folder is as good as the first.
$(OBJ)/flags: COMMAND = $(COMPILE)
$(SAN)/flags: COMMAND = $(COMPILE_SAN)
$(OBJ)/flags $(SAN)/flags: $(FORCED)
	@mkdir -p $(@D)
	@echo '$(COMMAND) $(STANDARD_HEADERS)' | cmp -s - $@ || \
	  { printf '#include %s\n' '"base/checks.h"' $(STANDARD_HEADERS:%='<%>') > $(@D)/std.h && \
	    echo '$(COMMAND) $(STANDARD_HEADERS)' > $@; }

# Packages and libraries. The script itself knows which library is out of date; it touches `built` when it
# made one, and only that makes objects and programs stale.
$(DEPS)/packages: scripts/packages.sh
	@mkdir -p $(@D)
	@scripts/packages.sh build $(if $(CROSS),g++-$(CROSS))
	@touch $@
$(DEPS)/ready: scripts/deps.sh $(wildcard scripts/deps/*) $(DEPS)/packages
	@scripts/deps.sh '$(DEPS)'
	@touch $@
$(DEPS)/built: $(DEPS)/ready ;

-include $(patsubst %.o,%.d,$(OBJECTS) $(call objects,$(OBJ),$(TESTS)) $(call objects,$(SAN),$(PARTS)))
