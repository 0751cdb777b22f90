variable "notebook" {
  type    = object({
    root_access = string
    size        = number
  })
  default = {
    root_access = "Enabled"
    size        = 20
  }
}
