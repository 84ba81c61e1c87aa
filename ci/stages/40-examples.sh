# runs every example on two and on three ranks; each checks its own result and returns 0
#
# A line "// verify: ARGUMENTS" in an example gives its arguments, "// verify: none" leaves it out (with the reason after it).
stage() {
    local example ranks arguments found=""
    for example in examples/*.java; do
        [ -f "$example" ] || continue
        found=1
        arguments=$(sed -n 's,^// verify: *,,p;' "$example" | head -n 1)
        case $arguments in
            none*) skip "$example: ${arguments#none}"; continue ;;
        esac
        for ranks in 2 3; do
            # The arguments are words of ours, meant to be split.
            # shellcheck disable=SC2086
            check "$example on $ranks ranks" ./mpirun -np "$ranks" --timeout 120 "$example" $arguments
        done
    done
    for example in examples/*.sh; do
        [ -f "$example" ] || continue
        found=1
        check "$example" bash "$example"
    done
    [ -n "$found" ] || skip "examples: there are none"
}
