"""What a shell completes after `desdecero`, as scripts for bash, zsh and fish."""
