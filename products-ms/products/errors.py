"""What products-ms refuses, in the words clients rely on."""

from shop_kit.errors import ProblemError


class UnknownProductError(ProblemError):
    status, detail = 404, "The requested product does not exist."


class UnknownCategoryError(ProblemError):
    status, detail = 404, "The requested category does not exist."


class BadListingError(ProblemError):
    status, detail = 400, "This listing can't be asked for"


class ProductExistsError(ProblemError):
    status, detail = 400, "Product already exists"


class CategoryExistsError(ProblemError):
    status, detail = 400, "Category already exists"


class StockLimitError(ProblemError):
    status, detail = 409, "The stock would fall below zero or rise above 10000000"


class KeyReusedError(ProblemError):
    status, detail = 422, "This Idempotency-Key was used for another request"


class UnknownPictureError(ProblemError):
    status, detail = 404, "The requested picture does not exist."


class PictureTooLargeError(ProblemError):
    status, detail = 413, "A picture may have at most 5 MiB"


class PictureTooBigError(ProblemError):
    status = 413
    detail = "A picture may have at most 40 megapixels, 16383 pixels a side, and four times its width as height"


class NotAPictureError(ProblemError):
    status, detail = 415, "This is not a JPEG, PNG, WebP or GIF picture, or it is damaged"


class UploadCutShortError(ProblemError):
    status, detail = 400, "The request body is shorter than its Content-Length"
