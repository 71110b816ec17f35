"""Makes the mutated copies of sources: mutate.py MUTANTS.toml SOURCE_FOLDER OUTPUT_FOLDER"""

import pathlib
import sys
import tomllib


def main(mutants, sources, output):
    files = {}
    for mutant in tomllib.loads(pathlib.Path(mutants).read_text())["mutant"]:
        name, file, find = mutant["name"], mutant["file"], mutant["find"]
        if f'MUTANT("{name}")' not in mutant["replace"]:
            sys.exit(f"{mutants}: {name!r}: `replace` does not ask for MUTANT(\"{name}\")")
        if file not in files:
            files[file] = (pathlib.Path(sources) / file).read_text()
        found = files[file].count(find)
        if found != 1:
            sys.exit(f"{mutants}: {name!r}: {find!r} stands {found} times in {file}, and must stand there once")
        files[file] = files[file].replace(find, mutant["replace"])
    folder = pathlib.Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text('#include "mutants/mutant.hpp"\n' + text)


main(*sys.argv[1:])
