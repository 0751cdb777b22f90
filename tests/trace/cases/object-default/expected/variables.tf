variable "notebook" {
  type    = object({
    root_access = string
    size        = number
  })
  default = {
    root_access = "Disabled"
    size        = 20
  }
}
