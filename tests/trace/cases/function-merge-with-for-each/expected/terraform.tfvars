notebooks = {
  ads  = {}
  risk = { root_access = "Disabled" }
}
