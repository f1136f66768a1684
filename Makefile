# make setup   the environment, from hashed locks
# make run     set-up, database, demo, then the site on 127.0.0.1:8000 (ZHIHENG_PORT overrides)
# make reset   throws the local database and files away and loads the demo anew
# make test    every check there is; the last line is pytest's
# make bench   the benchmarks of bench/
# make law     docs/law.md again: duty, acts, rules, tests
# make messages  collects what the pages say and compiles the English of it
# make handbook  takes the handbook's pictures anew, from sites of its own (needs Chromium and a Chinese font)
# make lock    writes the locks again (needs uv)

.PHONY: setup run reset test bench law messages handbook lock
.DEFAULT_GOAL := setup

setup:
	@scripts/setup.sh dev

run:
	@scripts/run.sh

reset:
	@scripts/reset.sh

test:
	@scripts/test.sh

bench:
	@scripts/setup.sh dev
	@for file in bench/[a-z]*.py; do .venv/bin/python "$$file" || exit 1; done

law:
	@.venv/bin/python manage.py law --write

messages:
	@.venv/bin/python scripts/messages.py

handbook:
	@.venv/bin/python scripts/handbook.py

lock:
	@scripts/lock.sh
