"""The rules that an engine or a cluster leaves in the kernel when it ends."""

from collections.abc import Iterator

from lab.commands import run


def forget(*words: str) -> None:
    """Drop every chain and rule that names one of these words, in any case; all others stay."""
    for tool in ("iptables", "ip6tables"):
        saved = run([f"/usr/sbin/{tool}-save"]).splitlines()
        # One by one: a whole table put back would undo what others have changed meanwhile.
        run([f"/usr/sbin/{tool}-restore", "--noflush"], stdin="\n".join(_removal(saved, words)) + "\n")


def _removal(saved: list[str], words: tuple[str, ...]) -> Iterator[str]:
    chains: list[str] = []
    for line in saved:
        named = any(word.lower() in line.lower() for word in words)
        if line.startswith("*"):
            chains = []
            yield line
        elif line.startswith(":") and named:
            chains.append(line[1:].split()[0])
        elif line.startswith("-A") and named:
            yield line.replace("-A", "-D", 1)
        elif line == "COMMIT":
            yield from (f"-X {chain}" for chain in chains)
            yield line
