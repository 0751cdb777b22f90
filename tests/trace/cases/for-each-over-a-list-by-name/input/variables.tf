variable "notebooks" {
  type = list(object({
    name        = string
    root_access = string
  }))
}
