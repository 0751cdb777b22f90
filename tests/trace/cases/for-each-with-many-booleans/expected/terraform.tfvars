teams = {
  team-00 = { root = false }
  team-01 = { root = false }
  team-02 = { root = false }
  team-03 = { root = false }
  team-04 = { root = false }
  team-05 = { root = false }
  team-06 = { root = false }
  team-07 = { root = false }
  team-08 = { root = false }
  team-09 = { root = false }
  team-10 = { root = false }
  team-11 = { root = false }
  team-12 = { root = false }
  team-13 = { root = false }
  team-14 = { root = false }
  team-15 = { root = false }
  team-16 = { root = false }
  team-17 = { root = false }
  team-18 = { root = false }
  team-19 = { root = false }
}
