"""The commands of `desdecero`, one small file each; `table` lists them."""
