# certo - `make help` lists what can be made.

VERSION := 0.1.0

BUILD  ?= build
DEPS   ?= build/deps
PREFIX ?= /usr/local
CC     ?= cc
CXX    ?= g++
STRIP  ?= strip
bindir     := $(PREFIX)/bin
libexecdir := $(PREFIX)/libexec/certo
datadir    := $(PREFIX)/share

ifeq ($(origin CXX),default)
CXX := g++
endif
# CROSS=aarch64-linux-gnu: for another machine, with a BUILD and a DEPS of its own.
ifneq ($(CROSS),)
CC    := $(CROSS)-gcc
CXX   := $(CROSS)-g++
STRIP := $(CROSS)-strip
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

# ---- flags ----

# A constructor's parameter may have the name of the member that it fills, hence only local shadows. No object of
# another compiler is linked, so what GCC 7 changed for ARM counts for nothing.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor -Wconversion -Wno-sign-conversion \
            -Wno-psabi $(if $(WERROR),-Werror)
INCLUDES := -Isrc -Iproviders -isystem $(DEPS)/include -Wa,-Isrc
# Certificates end after 2038, on machines with 32 bits too. scripts/deps.sh does the same.
TIME_64  := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
COMMON   := -std=c++20 -g $(WARNINGS) $(INCLUDES) $(TIME_64) -pthread -MMD -MP
HARDEN   := -fstack-protector-strong -D_FORTIFY_SOURCE=2
# For size: what takes time is in the libraries, and they are built for speed.
COMPILE  := $(CXX) $(COMMON) -Os -fPIE -ffunction-sections -fdata-sections $(HARDEN) $(CXXFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# The one object of a provider goes into certo and into a .so; so does what it takes along.
SHARED_FLAGS := -fPIC -fno-semantic-interposition
COMPILE_SAN := $(CXX) $(COMMON) -O1 $(SANITIZE) $(CXXFLAGS)

# A library stands before those that it calls.
OURS    := -lcurl -lnghttp2 -lcares -lmbedtls -lmbedx509 -lmbedcrypto -lsimdjson
DEBIANS := -lfmt -lidn2 -lunistring
# A build id is made of the debug information too, and that of the folder's name: releases would differ by it.
LINK := $(CXX) -g -pthread -L$(DEPS)/lib -Wl,--gc-sections -Wl,-z,relro,-z,now -Wl,--build-id=none $(LDFLAGS)

# Relative relocations take a fiftieth of the space; a static libc before glibc 2.36 does not know them so.
PACKED := -Wl,-z,pack-relative-relocs
# Where libc has no start for static programs that load anywhere (32-bit ARM), it loads at one place.
STATIC = $(if $(filter /%,$(shell $(CXX) -print-file-name=rcrt1.o)),-static-pie $(PACKED),-static)

# What a plugin in C finds in the program that loads it.
FOR_PLUGINS := -Wl,--export-dynamic-symbol='cJSON_*'

# ---- files ----

PROVIDERS := $(sort $(wildcard providers/*.cc))
SOURCES := $(sort $(wildcard src/*/*.cc providers/sdk/*.cc)) $(PROVIDERS)
HOOKS   := $(sort $(wildcard hooks/*/*.sh))
TOPICS  := $(sort $(basename $(notdir $(wildcard src/cli/topics/*.txt))))
TESTS   := $(sort $(wildcard tests/unit/*.cc tests/unit/*/*.cc))
OBJ     := $(BUILD)/obj
SAN     := $(BUILD)/san
OBJECTS := $(SOURCES:%.cc=$(OBJ)/%.o)
# What loads a .so is not for the static program.
LOADER  := $(OBJ)/src/provider/load.o
PLUGINS := $(PROVIDERS:providers/%.cc=$(BUILD)/plugins/%.so) $(BUILD)/plugins/example.so
BAD_PLUGINS := $(foreach fault,abi crash exit flood forbidden hang hole name start status symbol,$(BUILD)/plugins/bad-$(fault).so)
TEST_PLUGINS := $(BAD_PLUGINS) $(BUILD)/plugins/test-threads.so
PLUGIN_PARTS := $(patsubst %.cc,$(OBJ)/%.o,$(wildcard providers/sdk/*.cc src/base/*.cc))
PARTS   := $(filter-out src/cli/main.cc,$(SOURCES)) $(TESTS)

# ---- what people ask for ----

.DEFAULT_GOAL := all

all: $(BUILD)/certo $(BUILD)/certo-provider-host ## build certo; libraries and packages that are missing come first

unit: $(BUILD)/unit ## build and run the unit tests only
	$(Q)$(BUILD)/unit $(UNIT_ARGS)

test: ## all tests, unit and end to end; the last line counts them
	+@BUILD='$(BUILD)' scripts/test.sh

check: ## what a change must pass besides the tests: format, layers, lint, unit tests under sanitizers
	@scripts/packages.sh build check
	$(Q)scripts/layers.sh
	$(Q)clang-format --dry-run --Werror $(FORMATTED)
	+$(Q)$(MAKE) --no-print-directory WERROR=1 BUILD='$(BUILD)/check' objects
	$(Q)BUILD='$(BUILD)/check' DEPS='$(DEPS)' scripts/lint.sh
	+$(Q)$(MAKE) --no-print-directory unit-san

unit-san: $(BUILD)/unit-san ## build and run the unit tests under the address and undefined behaviour sanitizers
	$(Q)$(BUILD)/unit-san $(UNIT_ARGS)

FORMATTED = $(sort $(wildcard src/*/*.cc src/*/*.h providers/*.cc providers/sdk/*.cc providers/sdk/*.h* \
                             tests/unit/*.cc tests/unit/*/*.cc tests/unit/*/*.h))
format: ## lay out the sources as .clang-format says
	@scripts/packages.sh check
	$(Q)clang-format -i $(FORMATTED)

demo: all ## a certificate from start to end against a CA on this machine
	@BUILD='$(BUILD)' scripts/demo.sh

bench: all ## measure speed and size
	@BUILD='$(BUILD)' scripts/bench.sh

install: all ## install below PREFIX (/usr/local), staged below DESTDIR
	install -D -m 755 -s --strip-program='$(STRIP)' $(BUILD)/certo '$(DESTDIR)$(bindir)/certo'
	install -D -m 755 -s --strip-program='$(STRIP)' $(BUILD)/certo-provider-host \
	  '$(DESTDIR)$(libexecdir)/certo-provider-host'
	$(RUN) $(BUILD)/certo help --man > $(BUILD)/certo.1
	for shell in bash zsh fish; do $(RUN) $(BUILD)/certo completion $$shell > $(BUILD)/completion.$$shell || exit 1; done
	install -D -m 644 $(BUILD)/certo.1 '$(DESTDIR)$(datadir)/man/man1/certo.1'
	for topic in $(TOPICS); do $(RUN) $(BUILD)/certo help --man $$topic > $(BUILD)/topic.7 && \
	  install -D -m 644 $(BUILD)/topic.7 '$(DESTDIR)$(datadir)/man/man7/certo-'$$topic.7 || exit 1; done
	for hook in $(HOOKS); do install -D -m 755 $$hook '$(DESTDIR)$(datadir)/certo/'$$hook || exit 1; done
	install -D -m 644 $(BUILD)/completion.bash '$(DESTDIR)$(datadir)/bash-completion/completions/certo'
	install -D -m 644 $(BUILD)/completion.zsh '$(DESTDIR)$(datadir)/zsh/site-functions/_certo'
	install -D -m 644 $(BUILD)/completion.fish '$(DESTDIR)$(datadir)/fish/vendor_completions.d/certo.fish'

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

.PHONY: all objects plugins unit test check unit-san format demo bench install release deb clean distclean help FORCE

# ---- programs ----

# One program, linked twice from the same objects: the first runs anywhere, an empty root too; the second
# has a dynamic libc because a static program must not dlopen the providers that come as .so files.
$(BUILD)/certo: $(OBJECTS) $(DEPS)/built
	$(call say,link $@)
	$(Q)$(LINK) $(STATIC) -o $@ $(filter-out $(LOADER),$(OBJECTS)) $(OURS) $(DEBIANS)

$(BUILD)/certo-provider-host: $(OBJECTS) $(DEPS)/built
	$(call say,link $@)
	$(Q)$(LINK) -pie -static-libstdc++ -static-libgcc $(FOR_PLUGINS) -o $@ $(OBJECTS) \
	  -Wl,-Bstatic $(OURS) $(DEBIANS) -Wl,-Bdynamic

# For fault injection by LD_PRELOAD; made by name only.
$(BUILD)/certo-dynamic: $(OBJECTS) $(DEPS)/built
	$(call say,link $@)
	$(Q)$(LINK) -pie $(FOR_PLUGINS) -o $@ $(OBJECTS) $(OURS) $(DEBIANS)

$(BUILD)/unit: $(PARTS:%.cc=$(OBJ)/%.o) | $(PLUGINS) $(TEST_PLUGINS) $(BUILD)/certo-provider-host
	$(call say,link $@)
	$(Q)$(LINK) -pie $(FOR_PLUGINS) -o $@ $(filter %.o,$^) $(OURS) $(DEBIANS)

$(BUILD)/unit-san: $(PARTS:%.cc=$(SAN)/%.o) | $(PLUGINS) $(TEST_PLUGINS) $(BUILD)/certo-provider-host
	$(call say,link $@)
	$(Q)$(LINK) $(SANITIZE) $(FOR_PLUGINS) -o $@ $(filter %.o,$^) $(OURS) $(DEBIANS)

# A provider by itself: what certo has built in, from the same object. Its entry has another name there.
$(BUILD)/plugins/%.so: $(OBJ)/providers/%.o $(PLUGIN_PARTS) scripts/plugin.map
	$(call say,link $@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -shared -static-libstdc++ -static-libgcc -Wl,--defsym=certo_provider_v1=certo_builtin_$* \
	  -Wl,--version-script=scripts/plugin.map -o $@ $< $(PLUGIN_PARTS) -lsimdjson -lfmt

# As an author elsewhere builds one: plain C, and nothing but the SDK's headers.
$(BUILD)/plugins/%.so: providers/examples/%.c $(wildcard providers/sdk/*.h) scripts/plugin.map
	$(call say,cc   $@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -fPIC -shared -Iproviders/sdk -o $@ $<

# Those that break the rules, for the tests.
$(BAD_PLUGINS): $(BUILD)/plugins/bad-%.so: tests/fake/bad_plugin.c providers/sdk/provider.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c99 -fPIC -shared -Iproviders -DBAD_$(shell echo $* | tr a-z A-Z) -o $@ $<

# As an author elsewhere builds one in C++, with what that machine's libraries offer.
$(BUILD)/plugins/test-threads.so: tests/fake/threads_plugin.cc providers/sdk/provider.h
	@mkdir -p $(@D)
	$(Q)$(CXX) -std=c++20 -Wall -Wextra -fPIC -shared -pthread -Iproviders -o $@ $<

plugins: $(PLUGINS) ## each built-in provider as a .so, too

# ---- objects ----

objects: $(OBJECTS) $(TESTS:%.cc=$(OBJ)/%.o)

$(OBJ)/%.o: %.cc $(OBJ)/flags $(DEPS)/built
	$(call say,c++  $<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(DEFINES) -c -o $@ $<

$(SAN)/%.o: %.cc $(SAN)/flags $(DEPS)/built
	$(call say,c++  $< (sanitizers))
	@mkdir -p $(@D)
	$(Q)$(COMPILE_SAN) $(DEFINES) -c -o $@ $<

# What differs from one release to the next is compiled into one object. The URL stands in install.sh and nowhere else;
# RELEASE_PUBKEY is a PEM file, and without one certo does not upgrade itself.
RELEASES_URL := $(shell sed -n 's/^releases_url=//p' install.sh)
RELEASE_KEY_TEXT := $(if $(RELEASE_PUBKEY),$(shell sed '/^-/d' '$(RELEASE_PUBKEY)' | tr -d '\n'))
VERSION_DEFINES = -DCERTO_VERSION='"$(VERSION)"' -DCERTO_RELEASES_URL='"$(RELEASES_URL)"' \
                  -DCERTO_RELEASE_KEY='"$(RELEASE_KEY_TEXT)"'
$(OBJ)/src/base/version.o $(SAN)/src/base/version.o: DEFINES = $(VERSION_DEFINES)
$(OBJ)/src/base/version.o $(SAN)/src/base/version.o: $(BUILD)/version
$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo "$(VERSION) $(RELEASES_URL) $(RELEASE_KEY_TEXT)" | cmp -s - $@ || \
	  echo "$(VERSION) $(RELEASES_URL) $(RELEASE_KEY_TEXT)" > $@

# A provider's entry is certo_builtin_NAME; the list of them is in src/provider/builtins.cc.
$(PROVIDERS:%.cc=$(OBJ)/%.o) $(PROVIDERS:%.cc=$(SAN)/%.o): DEFINES = -DCERTO_BUILTIN=$(basename $(notdir $<))

$(PLUGIN_PARTS) $(PROVIDERS:%.cc=$(OBJ)/%.o): DEFINES += $(SHARED_FLAGS)

# Fixtures are for tests only.
$(TESTS:%.cc=$(OBJ)/%.o) $(TESTS:%.cc=$(SAN)/%.o): DEFINES += -Itests/unit

# Embedded by .incbin, which the compiler's dependency list does not know.
$(OBJ)/src/store/servers.o $(SAN)/src/store/servers.o: $(wildcard src/store/servers.json)
$(OBJ)/src/cli/topics.o $(SAN)/src/cli/topics.o: $(wildcard src/cli/topics/*.txt)

# The recipes in one file, each ended by NUL; made anew when one is added, changed or gone.
RECIPES := $(sort $(wildcard providers/*.json))
$(OBJ)/src/recipe/carried.o $(SAN)/src/recipe/carried.o: DEFINES = -DCERTO_RECIPES='"$(BUILD)/recipes"'
$(OBJ)/src/recipe/carried.o $(SAN)/src/recipe/carried.o: $(BUILD)/recipes
$(BUILD)/recipes: FORCE
	@mkdir -p $(@D)
	@for recipe in $(RECIPES); do cat $$recipe; printf '\0'; done > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Objects are stale when the command that compiles them has changed.
$(OBJ)/flags: COMMAND = $(COMPILE)
$(SAN)/flags: COMMAND = $(COMPILE_SAN)
$(OBJ)/flags $(SAN)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMMAND)' | cmp -s - $@ || echo '$(COMMAND)' > $@

# Packages and libraries. The script itself knows which library is out of date; it touches `built` when it
# made one, and only that makes objects and programs stale.
$(DEPS)/ready: scripts/deps.sh scripts/packages.sh
	@scripts/deps.sh '$(DEPS)'
	@touch $@
$(DEPS)/built: $(DEPS)/ready ;

-include $(SOURCES:%.cc=$(OBJ)/%.d) $(TESTS:%.cc=$(OBJ)/%.d)
-include $(PARTS:%.cc=$(SAN)/%.d)
