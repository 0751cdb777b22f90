notebooks = {
  ads  = { size = 50 }
  risk = { root_access = "Disabled" }
}
