inputs = {
  root_access = "Enabled"
}
