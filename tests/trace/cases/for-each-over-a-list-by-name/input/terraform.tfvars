notebooks = [
  {
    name        = "ads"
    root_access = "Enabled"
  },
  {
    name        = "risk"
    root_access = "Disabled"
  },
]
