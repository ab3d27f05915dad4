# Names and links.
ln -s "$(command -v sort)" arrange
printf 'b\na\n' | ./arrange
mkdir bin
ln -s "$(command -v cat)" bin/cat
echo through | bin/cat
PATH=$PWD/bin:$PATH
echo path | cat
(exec -a other env sh -c 'echo "$0"')
exec -a other true
