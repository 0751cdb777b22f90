notebooks = [
  {
    name        = "ads"
    root_access = "Disabled"
  },
  {
    name        = "risk"
    root_access = "Disabled"
  },
]
