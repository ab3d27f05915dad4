# What GNU programs say of themselves.
ls nothing
echo $?
timeout
