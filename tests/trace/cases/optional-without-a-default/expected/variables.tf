variable "notebooks" {
  type    = map(object({
    root_access = optional(string, "Disabled")
    size        = optional(number, 20)
  }))
  default = {
    ads = {}
  }
}
