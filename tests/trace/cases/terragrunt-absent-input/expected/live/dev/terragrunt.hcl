terraform {
  source = "../../modules/notebook"
}

inputs = {
  name = "analysis"
}
