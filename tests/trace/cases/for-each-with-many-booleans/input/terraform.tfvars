teams = {
  team-00 = { root = true }
  team-01 = { root = true }
  team-02 = { root = true }
  team-03 = { root = false }
  team-04 = { root = true }
  team-05 = { root = true }
  team-06 = { root = true }
  team-07 = { root = true }
  team-08 = { root = true }
  team-09 = { root = true }
  team-10 = { root = false }
  team-11 = { root = true }
  team-12 = { root = true }
  team-13 = { root = true }
  team-14 = { root = true }
  team-15 = { root = true }
  team-16 = { root = true }
  team-17 = { root = false }
  team-18 = { root = true }
  team-19 = { root = true }
}
