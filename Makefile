# Everything happens in run.py (standard library only); these are its names for the hand.
PYTHON ?= python3

.PHONY: run install test test-all lint bench lock assets

run:      ; @exec $(PYTHON) run.py run
install:  ; @$(PYTHON) run.py install
test:     ; @$(PYTHON) run.py test $(ARGS)
test-all: ; @$(PYTHON) run.py test-all $(ARGS)
lint:     ; @$(PYTHON) run.py lint
bench:    ; @$(PYTHON) run.py bench $(ARGS)
lock:     ; @$(PYTHON) run.py lock
assets:   ; @$(PYTHON) run.py assets
